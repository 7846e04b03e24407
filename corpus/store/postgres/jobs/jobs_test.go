package jobs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus/store"
	"tuogou/corpus/store/postgres"
	"tuogou/corpus/store/postgres/pgtest"
	"tuogou/corpus/store/sqlite"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// host is one process of many: a store and its list of work.
func host(t *testing.T, address string, lease time.Duration) *Queue {
	t.Helper()
	s, err := postgres.Open(t.Context(), address, store.Options{Lease: lease, Connections: 12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	q, err := Open(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func works(t *testing.T, q *Queue, many int, do func(context.Context, Task) error) *Worker {
	t.Helper()
	hands := map[Stage]Hands{}
	for _, s := range Stages {
		hands[s] = Hands{many, do}
	}
	w, err := q.Start(t.Context(), hands)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Stop(context.Background()) })
	return w
}

func order(t *testing.T, q *Queue, ws ...Work) (int64, int) {
	t.Helper()
	id, n, err := q.Order(t.Context(), "a test", func(add func(Work) error) error {
		for _, w := range ws {
			if err := add(w); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return id, n
}

// until waits for the states of all jobs.
func until(t *testing.T, q *Queue, want map[State]int) []Job {
	t.Helper()
	got := map[State]int{}
	for range 400 {
		list, err := q.List(t.Context(), Filter{})
		if err != nil {
			t.Fatal(err)
		}
		clear(got)
		for _, j := range list {
			got[j.State]++
		}
		if cmp.Equal(got, want) {
			return list
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("jobs are %v, want %v", got, want)
	return nil
}

func reads(n int) (ws []Work) {
	for i := range n {
		ws = append(ws, Work{Stage: Read, Subject: fmt.Sprint("u", i), Version: "1"})
	}
	return ws
}

// Each job of an order is done once by one of the workers, the urgent ones first, and
// what waits already is not queued again.
func TestOrder(t *testing.T) {
	defer func(n int) { page = n }(page)
	page = 40
	address := pgtest.Address(t)
	q, ctx := host(t, address, 0), t.Context()
	id, n := order(t, q, append(reads(150), Work{Stage: Read, Subject: "urgent", Priority: Urgent}, Work{Stage: Finish, Subject: "1"})...)
	if n != 152 || id != 1 {
		t.Fatalf("order %d of %d jobs", id, n)
	}
	if again, n := order(t, q, reads(151)...); n != 1 || again != 2 {
		t.Errorf("order %d: %d jobs queued again, want the one that is new", again, n)
	}
	if _, _, err := q.Order(ctx, "", func(add func(Work) error) error {
		return errors.Join(add(Work{Stage: Read, Subject: "never"}), errors.New("no"))
	}); err == nil {
		t.Error("an order that failed was queued")
	}
	var mu sync.Mutex
	done := map[string]int{}
	first := ""
	do := func(_ context.Context, k Task) error {
		mu.Lock()
		defer mu.Unlock()
		done[string(k.Stage)+k.Subject]++
		if first == "" && k.Stage == Read {
			first = k.Subject
		}
		return nil
	}
	w := works(t, q, 1, do)
	works(t, host(t, address, 0), 8, do)
	until(t, q, map[State]int{Done: 153})
	if first != "urgent" {
		t.Errorf("first came %s", first)
	}
	if len(done) != 153 {
		t.Errorf("%d jobs done", len(done))
	}
	for s, n := range done {
		if n != 1 {
			t.Errorf("%s was done %d times", s, n)
		}
	}
	if open, err := q.Open(ctx, 0, Stages...); open || err != nil {
		t.Errorf("open: %v, %v", open, err)
	}
	if err := w.Stop(ctx); err != nil {
		t.Error(err)
	}
	p, err := q.Progress(ctx, 10)
	if err != nil || len(p) != 2 || p[1].Counts[Read][Done] != 151 || p[0].Counts[Read][Done] != 1 {
		t.Errorf("progress %+v, %v", p, err)
	}
	if alive, err := q.Workers(ctx); err != nil || len(alive) != 1 {
		t.Errorf("beside us: %v, %v", alive, err)
	}
}

// What fails is tried again; what is hopeless is dead with its reason, is not queued
// anew, and is done when a person requeues it. What is put off is no failure, and what
// is cancelled is not done.
func TestDeadLetters(t *testing.T) {
	q, ctx := host(t, pgtest.Address(t), 0), t.Context()
	var mu sync.Mutex
	seen := map[string]int{}
	healed := false
	works(t, q, 4, func(ctx context.Context, k Task) error {
		mu.Lock()
		seen[k.Subject]++
		n, well := seen[k.Subject], healed
		mu.Unlock()
		switch {
		case k.Subject == "u0" && !well:
			return Hopeless(errors.New("the file is encrypted"))
		case k.Subject == "u1" && n == 1:
			return errors.New("the database went away")
		case k.Subject == "u2" && n < 3:
			return Later(time.Millisecond)
		case k.Subject == "u3":
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	})
	order(t, q, reads(4)...)
	until(t, q, map[State]int{Done: 2, Dead: 1, Running: 1})
	dead, err := q.List(ctx, Filter{State: Dead})
	if err != nil || len(dead) != 1 || dead[0].Reason != "the file is encrypted" || dead[0].Subject != "u0" {
		t.Errorf("dead: %+v, %v", dead, err)
	}
	if _, n := order(t, q, reads(1)...); n != 0 {
		t.Error("a dead job was queued anew")
	}
	if _, err := q.Requeue(ctx, Filter{IDs: []int64{99}}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("requeue of one that is not there: %v", err)
	}
	mu.Lock()
	healed = true
	mu.Unlock()
	if back, err := q.Requeue(ctx, Filter{State: Dead}); err != nil || len(back) != 1 {
		t.Errorf("requeued: %+v, %v", back, err)
	}
	if gone, err := q.Cancel(ctx, Filter{State: Running}); err != nil || len(gone) != 1 {
		t.Errorf("cancelled: %+v, %v", gone, err)
	}
	until(t, q, map[State]int{Done: 3, Cancelled: 1})
	if _, n := order(t, q, reads(4)[3]); n != 1 {
		t.Error("what was cancelled cannot be ordered again")
	}
	until(t, q, map[State]int{Done: 3, Cancelled: 1, Running: 1})
	want := map[string]int{"u0": 2, "u1": 2, "u2": 3, "u3": 2}
	tries := func() map[string]int {
		mu.Lock()
		defer mu.Unlock()
		return maps.Clone(seen)
	}
	for i := 0; i < 500 && !maps.Equal(tries(), want); i++ { // a job is marked as running before its work begins
		time.Sleep(10 * time.Millisecond)
	}
	if diff := cmp.Diff(want, tries()); diff != "" {
		t.Errorf("tries (-want +got):\n%s", diff)
	}
}

// The jobs of a worker that died go to another when its lease is over, those of one that
// is stopped at once; and one that kills each worker is dead in the end.
func TestDeadWorker(t *testing.T) {
	address := pgtest.Address(t)
	const short = 400 * time.Millisecond
	q, ctx := host(t, address, 0), t.Context()
	order(t, q, reads(3)...)
	// As if three workers had died over it.
	if _, err := q.db.Pool.Exec(ctx, `UPDATE river_job SET state = 'running', attempted_by = '{writer-900}', attempt = CASE args->>'subject' WHEN 'u0' THEN 8 ELSE 1 END`); err != nil {
		t.Fatal(err)
	}
	began := make(chan bool, 9)
	w := works(t, host(t, address, short), 2, func(ctx context.Context, _ Task) error {
		began <- true
		<-ctx.Done()
		return ctx.Err()
	})
	<-began
	<-began
	until(t, q, map[State]int{Dead: 1, Running: 2})
	if err := w.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	list := until(t, q, map[State]int{Dead: 1, Retrying: 2})
	if list[0].Reason != "the worker that did it was not heard of any more" || list[1].Attempt != 1 {
		t.Errorf("jobs: %+v", list)
	}
	works(t, q, 1, func(context.Context, Task) error { return nil })
	until(t, q, map[State]int{Dead: 1, Done: 2})
}

// A job that ended while the database was away is done again.
func TestForgottenJob(t *testing.T) {
	q, ctx := host(t, pgtest.Address(t), 600*time.Millisecond), t.Context()
	done := make(chan int64, 9)
	w := works(t, q, 1, func(_ context.Context, k Task) error {
		done <- k.ID
		return nil
	})
	order(t, q, reads(1)...)
	<-done
	until(t, q, map[State]int{Done: 1})
	if _, err := q.db.Pool.Exec(ctx, `UPDATE river_job SET state = 'running', finalized_at = NULL, attempted_by = ARRAY[$1]`, w.me); err != nil {
		t.Fatal(err)
	}
	<-done
	until(t, q, map[State]int{Done: 1})
}

// A store of one process has no jobs.
func TestNoQueue(t *testing.T) {
	s, err := sqlite.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := Open(t.Context(), s, nil); !errors.Is(err, ErrNoQueue) {
		t.Errorf("got %v", err)
	}
}
