package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"runtime"
	"sync"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// engine is the compiled PDFium and the places to run it in. The zero value is
// ready; compiling happens when a file first needs it.
type engine struct {
	mu     sync.Mutex
	pool   pdfium.Pool
	cache  wazero.CompilationCache
	closed bool
}

// errClosed is what a reader says after Close.
var errClosed = errors.New("the reader of PDF files is closed")

// start compiles the engine unless that has happened.
func (e *engine) start(dir string, instances int, memory int64) (pdfium.Pool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, errClosed
	}
	if e.pool != nil {
		return e.pool, nil
	}
	if instances <= 0 {
		instances = runtime.NumCPU()
	}
	conf := wazero.NewRuntimeConfig().WithCloseOnContextDone(true).WithMemoryLimitPages(uint32(memory >> 16))
	if dir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(dir)
		if err != nil {
			return nil, fmt.Errorf("cache of the PDF engine: %w", err)
		}
		e.cache = cache
		conf = conf.WithCompilationCache(cache)
	}
	pool, err := webassembly.Init(webassembly.Config{
		MaxTotal:      instances,
		RuntimeConfig: conf,
		FSConfig:      wazero.NewFSConfig(), // else the engine would see the whole disk
		Stdout:        io.Discard,
		Stderr:        io.Discard,
		RandomSource:  zeros{}, // the same bytes give the same document
	})
	if err != nil {
		return nil, fmt.Errorf("start the PDF engine: %w", err)
	}
	e.pool = pool
	return pool, nil
}

// close releases the compiled engine. Files being read end with an error.
func (e *engine) close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	var errs []error
	if e.pool != nil {
		errs = append(errs, e.pool.Close())
		e.pool = nil
	}
	if e.cache != nil {
		errs = append(errs, e.cache.Close(context.Background()))
		e.cache = nil
	}
	return errors.Join(errs...)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// sandbox is one running PDFium. It is used by one goroutine and thrown away
// after one file, or after a trap.
type sandbox struct {
	inst  pdfium.Pdfium
	mod   api.Module
	fn    map[string]api.Function
	stack [12]uint64
	buf   uint32 // 256 bytes for results
	err   error  // the first failure; every later call does nothing
	stop  func() bool
}

// newSandbox waits for a free place. The sandbox ends when ctx does, even in
// the middle of a call: a watcher closes its module, and the compiled code looks.
func newSandbox(ctx context.Context, pool pdfium.Pool) (*sandbox, error) {
	inst, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, err
	}
	mod, err := moduleOf(inst)
	if err != nil {
		_ = inst.Close()
		return nil, err
	}
	s := &sandbox{inst: inst, mod: mod, fn: map[string]api.Function{}}
	s.stop = context.AfterFunc(ctx, func() { _ = mod.CloseWithExitCode(context.Background(), 1) })
	s.buf = uint32(s.call("malloc", 256))
	if s.err != nil || s.buf == 0 {
		s.close()
		return nil, fmt.Errorf("the PDF engine has no memory: %w", s.err)
	}
	return s, nil
}

// moduleOf takes the WebAssembly module out of an instance. go-pdfium's own
// calls look the function up by name, take memory and make a handle for each
// character, which is twenty times the work; and they know no context.
func moduleOf(inst pdfium.Pdfium) (api.Module, error) {
	v := reflect.Indirect(reflect.ValueOf(inst.GetImplementation()))
	if v.Kind() == reflect.Struct {
		if f := v.FieldByName("Module"); f.IsValid() && f.CanInterface() {
			if m, ok := f.Interface().(api.Module); ok && m != nil {
				return m, nil
			}
		}
	}
	return nil, errors.New("this version of go-pdfium hides its module")
}

// close gives the place back. The instance and its memory are gone with it.
func (s *sandbox) close() {
	s.stop()
	_ = s.mod.Close(context.Background()) // so that nothing runs once more in a broken instance
	_ = s.inst.Close()
}

// call calls one function of PDFium and returns its result, 0 after a failure.
func (s *sandbox) call(name string, args ...uint64) uint64 {
	if s.err != nil {
		return 0
	}
	f := s.fn[name]
	if f == nil {
		if f = s.mod.ExportedFunction(name); f == nil {
			s.err = fmt.Errorf("the PDF engine has no %s", name)
			return 0
		}
		s.fn[name] = f
	}
	n := copy(s.stack[:], args)
	if n == 0 {
		n = 1 // room for the result
	}
	if err := f.CallWithStack(context.Background(), s.stack[:n]); err != nil {
		s.err = fmt.Errorf("%s: %w", name, err)
		return 0
	}
	return s.stack[0]
}

func (s *sandbox) int(name string, args ...uint64) int {
	return int(int32(uint32(s.call(name, args...))))
}

func (s *sandbox) ptr(name string, args ...uint64) uint64 {
	return uint64(uint32(s.call(name, args...)))
}

// f32 and f64 read the results that a call wrote to the buffer.
func (s *sandbox) f32(i int) float64 {
	v, _ := s.mod.Memory().ReadFloat32Le(s.buf + uint32(4*i))
	return finite(float64(v))
}

func (s *sandbox) f64(i int) float64 {
	v, _ := s.mod.Memory().ReadFloat64Le(s.buf + uint32(8*i))
	return finite(v)
}

func (s *sandbox) i32(i int) int {
	v, _ := s.mod.Memory().ReadUint32Le(s.buf + uint32(4*i))
	return int(int32(v))
}

// finite keeps the numbers of hostile files within what geometry can bear.
func finite(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return max(-1e6, min(1e6, v))
}

// put copies data into the sandbox; 0 where it has no room.
func (s *sandbox) put(data []byte) uint64 {
	p := s.ptr("malloc", uint64(max(1, len(data))))
	if p == 0 || !s.mod.Memory().Write(uint32(p), data) {
		return 0
	}
	return p
}

// bytes copies n bytes at p out of the sandbox.
func (s *sandbox) bytes(p uint64, n int) []byte {
	b, ok := s.mod.Memory().Read(uint32(p), uint32(n))
	if !ok {
		return nil
	}
	return append([]byte(nil), b...)
}
