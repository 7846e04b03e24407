package places
import ("testing";"os";"path/filepath";"fmt";"strings";"regexp")
func TestDump(t *testing.T){
 fs,_:=filepath.Glob("/work/shared/seeds/*.txt"); gs,_:=filepath.Glob("/work/shared/pages/*.html"); fs=append(fs,gs...)
 re:=regexp.MustCompile(`<[^>]*>`)
 cnt:=map[string]int{}
 for _,f:=range fs{ b,_:=os.ReadFile(f); s:=string(b); if strings.HasSuffix(f,"html"){s=re.ReplaceAllString(s," ")}
  for _,m:=range Default().Find(s,2018){ a:=s[:m.Span.Start]; z:=s[m.Span.End:]; ra:=[]rune(a); rz:=[]rune(z); if len(ra)>4{ra=ra[len(ra)-4:]}; if len(rz)>5{rz=rz[:5]}
   k:=fmt.Sprintf("%s %q[%s]%q",filepath.Base(f)[:12],string(ra),strings.Join(shown(s,[]Mention{m}),""),string(rz)); cnt[k]++; if cnt[k]==1{fmt.Println(k)}}}
}
