package opensearch

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"tuogou/corpus"
	"tuogou/index"
)

//go:embed mapping.json
var mapping []byte

// maxBulk is the most bytes of one bulk request: well below the 100 MB that a node
// takes, and few enough that several are in work at once.
const maxBulk = 6 << 20

// Rebuild implements [index.Home].
func (h *Home) Rebuild(ctx context.Context, b index.Build, records iter.Seq2[*corpus.Record, error]) (n int, err error) {
	if err := b.ApplyDefaults(); err != nil {
		return 0, err
	}
	name := h.cfg.Name + "-" + strings.ReplaceAll(time.Now().UTC().Format("20060102-150405.000"), ".", "-")
	defer func() {
		if err != nil {
			// What ended the work must not keep it from being cleared away.
			_ = h.call(context.WithoutCancel(ctx), http.MethodDelete, "/"+name+"?ignore_unavailable=true", nil, nil)
			n, err = 0, fmt.Errorf("rebuild %s: %w", h, err)
		}
	}()
	if err := h.create(ctx, name); err != nil {
		return 0, err
	}
	if err := h.put(ctx, name, b, records); err != nil {
		return 0, err
	}
	m := manifest{Format: index.FormatVersion, Fingerprint: b.Fingerprint, Revision: 1, index: name}
	if err := h.publish(ctx, &m); err != nil {
		return 0, err
	}
	return m.Count, h.swap(ctx, name)
}

func (h *Home) create(ctx context.Context, name string) error {
	var body struct {
		Settings map[string]map[string]any `json:"settings"`
		Mappings json.RawMessage           `json:"mappings"`
	}
	if err := json.Unmarshal(mapping, &body); err != nil {
		return err
	}
	body.Settings["index"]["number_of_shards"] = h.cfg.Shards
	body.Settings["index"]["number_of_replicas"] = h.cfg.Replicas
	path := "/" + name
	if h.cfg.Replicas > 0 { // else a node that is lost at once takes with it what has no second copy yet
		path += "?wait_for_active_shards=all&timeout=15s"
	}
	return h.call(ctx, http.MethodPut, path, body, nil)
}

// publish makes what was written visible and notes what it is.
func (h *Home) publish(ctx context.Context, m *manifest) error {
	var refreshed struct {
		Shards struct{ Failed int } `json:"_shards"`
	}
	if err := h.call(ctx, http.MethodPost, "/"+m.index+"/_refresh", nil, &refreshed); err != nil {
		return err
	}
	if refreshed.Shards.Failed > 0 {
		return fmt.Errorf("refresh %s: %d shards failed", m.index, refreshed.Shards.Failed)
	}
	var counted struct {
		Count  int
		Shards struct{ Failed int } `json:"_shards"`
	}
	if err := h.call(ctx, http.MethodGet, "/"+m.index+"/_count", nil, &counted); err != nil {
		return err
	}
	if counted.Shards.Failed > 0 {
		return fmt.Errorf("count %s: %d shards failed", m.index, counted.Shards.Failed)
	}
	m.Count = counted.Count
	return h.call(ctx, http.MethodPut, "/"+m.index+"/_mapping", obj{"_meta": m}, nil)
}

// swap makes the alias lead to name, in one step, and removes the other indices of
// the alias: the one it led to, and what killed rebuilds left.
func (h *Home) swap(ctx context.Context, name string) error {
	var all map[string]struct{ Aliases map[string]any }
	if err := h.call(ctx, http.MethodGet, "/"+h.cfg.Name+"-2*/_alias", nil, &all); err != nil {
		return err
	}
	actions := []obj{{"add": obj{"index": name, "alias": h.cfg.Name}}}
	for old, v := range all {
		if old == name {
			continue
		}
		if _, ok := v.Aliases[h.cfg.Name]; ok {
			actions = append(actions, obj{"remove": obj{"index": old, "alias": h.cfg.Name}})
		}
	}
	if err := h.call(ctx, http.MethodPost, "/_aliases", obj{"actions": actions}, nil); err != nil {
		return err
	}
	for old := range all {
		if old != name {
			// It is in nobody's way: the next rebuild tries again.
			_ = h.call(ctx, http.MethodDelete, "/"+old, nil, nil)
		}
	}
	return nil
}

// Update implements [index.Home].
func (h *Home) Update(ctx context.Context, b index.Build, c index.Changes) (n int, err error) {
	if err := b.ApplyDefaults(); err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			n, err = 0, fmt.Errorf("update %s: %w", h, err)
		}
	}()
	m, found, err := h.current(ctx)
	if err != nil {
		return 0, err
	}
	if !found {
		return 0, fmt.Errorf("no index to update")
	}
	if m.Format != index.FormatVersion || m.Fingerprint.Words != b.Segmenter.Fingerprint() {
		return 0, fmt.Errorf("the index was written in another form or with other words: rebuild it")
	}
	var gone []action
	for _, id := range c.Delete {
		gone = append(gone, newAction("delete", id, nil))
	}
	if err := h.bulk(ctx, m.index, gone); err != nil {
		return 0, err
	}
	err = h.put(ctx, m.index, b, func(yield func(*corpus.Record, error) bool) {
		for _, r := range c.Put {
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil {
		return 0, err
	}
	m.Fingerprint = b.Fingerprint
	m.Revision++
	err = h.publish(ctx, &m)
	return m.Count, err
}

// put sends records in batches, several at once.
func (h *Home) put(ctx context.Context, name string, b index.Build, records iter.Seq2[*corpus.Record, error]) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	batches := make(chan []*corpus.Record)
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range b.Workers {
		wg.Go(func() {
			for batch := range batches {
				if err := h.batch(ctx, name, b.Segmenter, batch); err != nil {
					cancel(err)
					continue
				}
				mu.Lock()
				done += len(batch)
				b.Progress(done)
				mu.Unlock()
			}
		})
	}
	err := feed(ctx, b, records, batches)
	close(batches)
	wg.Wait()
	if err == nil {
		err = context.Cause(ctx)
	}
	return err
}

// feed cuts records into batches. An id must not come twice, or chance would decide
// which one stays.
func feed(ctx context.Context, b index.Build, records iter.Seq2[*corpus.Record, error], out chan<- []*corpus.Record) error {
	var batch []*corpus.Record
	size := 0
	seen := map[corpus.DocID]bool{}
	send := func() error {
		select {
		case out <- batch:
			batch, size = nil, 0
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	for r, err := range records {
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return err
		}
		if r == nil || r.ID == "" {
			continue
		}
		if seen[r.ID] {
			return fmt.Errorf("record %s comes twice", r.ID)
		}
		seen[r.ID] = true
		batch = append(batch, r)
		if size += len(r.Text.Body); len(batch) >= b.BatchDocs || size >= b.BatchBytes {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if len(batch) == 0 {
		return nil
	}
	return send()
}

// batch sends records, in as many requests as their bytes ask for.
func (h *Home) batch(ctx context.Context, name string, seg index.Segmenter, records []*corpus.Record) error {
	var list []action
	size := 0
	for _, r := range records {
		doc, err := newDocument(r, seg)
		if err != nil {
			return err
		}
		a := newAction("index", r.ID, doc)
		if size+len(a.lines) > maxBulk && len(list) > 0 {
			if err := h.bulk(ctx, name, list); err != nil {
				return err
			}
			list, size = nil, 0
		}
		list = append(list, a)
		size += len(a.lines)
	}
	return h.bulk(ctx, name, list)
}

// action is one action of a bulk request.
type action struct {
	id    corpus.DocID
	lines []byte
}

func newAction(what string, id corpus.DocID, doc []byte) action {
	head, err := json.Marshal(obj{what: obj{"_id": id}})
	if err != nil {
		panic(err) // strings only
	}
	lines := append(head, '\n')
	if doc != nil {
		lines = append(append(lines, doc...), '\n')
	}
	return action{id, lines}
}

// bulk sends actions until each was taken. What the cluster cannot take now, because
// it has too much to do (429) or has lost a node, is sent again after a pause; an
// action has the same effect however often it arrives.
func (h *Home) bulk(ctx context.Context, name string, list []action) error {
	give := time.Now().Add(h.cfg.Patience)
	for pause := 100 * time.Millisecond; len(list) > 0; pause = min(2*pause, 5*time.Second) {
		left, err := h.bulkOnce(ctx, name, list)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case len(left) > 0 && time.Now().After(give):
			return fmt.Errorf("%d documents were not taken for %s, the last because: %w", len(left), h.cfg.Patience, err)
		case err != nil && len(left) == 0:
			return err
		case len(left) < len(list):
			give, pause = time.Now().Add(h.cfg.Patience), 100*time.Millisecond
		}
		if list = left; len(list) == 0 {
			return nil
		}
		select {
		case <-time.After(pause/2 + rand.N(pause)):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// bulkOnce sends actions once. left are those to be sent again, and why; an error
// without left is final.
func (h *Home) bulkOnce(ctx context.Context, name string, list []action) (left []action, err error) {
	var body bytes.Buffer
	for _, a := range list {
		body.Write(a.lines)
	}
	var got struct {
		Items []map[string]struct {
			ID     string `json:"_id"`
			Status int
			Error  struct{ Type, Reason string }
		}
	}
	if err := h.call(ctx, http.MethodPost, "/"+name+"/_bulk", body.Bytes(), &got); err != nil {
		if s := status(err); s != 0 && !passing(s) {
			return nil, err
		}
		return list, err
	}
	if len(got.Items) != len(list) {
		return list, fmt.Errorf("%d answers to %d actions", len(got.Items), len(list))
	}
	for i, item := range got.Items {
		for what, v := range item {
			switch {
			case v.Status < 300, what == "delete" && v.Status == http.StatusNotFound:
			case passing(v.Status):
				left, err = append(left, list[i]), &statusError{v.Status, v.Error.Type + ": " + v.Error.Reason}
			default:
				return nil, fmt.Errorf("document %s: %w", list[i].id, &statusError{v.Status, v.Error.Type + ": " + v.Error.Reason})
			}
		}
	}
	return left, err
}
