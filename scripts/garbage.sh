#!/usr/bin/env bash
# garbage.sh [MEGABYTES] [FOLDER]: a folder of files that are not what they say they
# are, read with bounds: it must end, with a reason for each file. 1024 is the size
# that docs/reliability.md promises; Linux only.
set -euo pipefail
mb=${1:-64}
work=${2:-$(mktemp -d)}
mkdir -p "$work/texts"
cd "$(dirname "$0")/.."
. scripts/measure.sh
go build -o "$work/tuogou" ./cmd/tuogou
i=0
for ext in pdf docx xlsx doc ofd zip rar html txt wps rtf json; do
  for size in 1 $((mb / 12 > 1 ? mb / 12 - 1 : 1)); do
    i=$((i + 1))
    f="$work/texts/g$i.$ext"
    case $ext in
      pdf) printf '%%PDF-1.7\n' >"$f" ;;
      docx | xlsx | ofd | zip) printf 'PK\003\004' >"$f" ;;
      doc | wps) printf '\320\317\021\340\241\261\032\341' >"$f" ;;
      rar) printf 'Rar!\032\007\001\000' >"$f" ;;
      rtf) printf '{\\rtf1 ' >"$f" ;;
      html) printf '<html><body>' >"$f" ;;
      *) : >"$f" ;;
    esac
    head -c "$((size * 1000000))" /dev/urandom >>"$f"
  done
done
echo "$i files, $(du -sh "$work/texts" | cut -f1)"
t="$work/tuogou --data $work/data"
measure add $t add "$work/texts"
measure run $t run
sort "$work/err" | uniq -c | sort -rn | head -30
[ $# -ge 2 ] || rm -rf "$work"
