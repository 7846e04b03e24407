package opensearch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	opensearch "github.com/opensearch-project/opensearch-go/v4"

	"tuogou/index"
)

// Home is an index in a cluster. It is safe for concurrent use.
type Home struct {
	cfg    Config
	client *opensearch.Client
}

var _ index.Home = (*Home)(nil)

// New makes the home; it does not connect. Close gives its connections back.
func New(c Config) (*Home, error) {
	if len(c.Addresses) == 0 {
		return nil, errors.New("opensearch: no address")
	}
	if c.Name == "" {
		c.Name = "tuogou"
	}
	if c.Shards <= 0 {
		c.Shards = 1
	}
	if c.Patience <= 0 {
		c.Patience = 2 * time.Minute
	}
	client, err := newClient(c)
	if err != nil {
		return nil, fmt.Errorf("opensearch: %w", err)
	}
	return &Home{c, client}, nil
}

// Close gives the connections back.
func (h *Home) Close() error { return h.client.Close() }

// String implements [index.Home].
func (h *Home) String() string {
	return fmt.Sprintf("OpenSearch index %s at %s", h.cfg.Name, h.hosts())
}

// hosts are the addresses without passwords.
func (h *Home) hosts() string {
	var out []string
	for _, a := range h.cfg.Addresses {
		if at := strings.LastIndex(a, "@"); at >= 0 {
			a = a[at+1:]
		}
		out = append(out, a)
	}
	return strings.Join(out, ", ")
}

// manifest is the _meta of a whole index.
type manifest struct {
	Format      int               `json:"format"`
	Fingerprint index.Fingerprint `json:"fingerprint"`
	Count       int               `json:"count"`
	Revision    int               `json:"revision"` // how many writes it has seen

	index string // its name
}

// current is what the alias leads to; found is false where there is none.
func (h *Home) current(ctx context.Context) (m manifest, found bool, err error) {
	var got map[string]struct {
		Mappings struct {
			Meta json.RawMessage `json:"_meta"`
		}
	}
	err = h.call(ctx, http.MethodGet, "/"+h.cfg.Name+"/_mapping", nil, &got)
	if status(err) == http.StatusNotFound {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	if len(got) != 1 {
		return m, true, fmt.Errorf("the alias %s leads to %d indices: %w", h.cfg.Name, len(got), errDamaged)
	}
	for name, v := range got {
		m.index = name
		if err := json.Unmarshal(v.Mappings.Meta, &m); err != nil {
			return m, true, fmt.Errorf("%s was not written by this program: %w", name, errDamaged)
		}
	}
	return m, true, nil
}

// generation names a state of the index.
func (m manifest) generation() string { return fmt.Sprintf("%s.%d", m.index, m.Revision) }

var errDamaged = errors.New("not an index of ours")

func status(err error) int {
	var s *statusError
	if errors.As(err, &s) {
		return s.Status
	}
	return 0
}

// Open implements [index.Home]. Where the cluster cannot be reached the state is
// Unreachable.
func (h *Home) Open(want index.Fingerprint, o index.Options) (index.Reader, index.State, error) {
	m, found, err := h.current(context.Background())
	switch {
	case errors.Is(err, errDamaged):
		return nil, index.Corrupt, fmt.Errorf("open %s: %w", h, err)
	case err != nil:
		return nil, index.Unreachable, fmt.Errorf("open %s: %w", h, err)
	case !found:
		return nil, index.Missing, nil
	}
	state := index.Compare(m.Format, m.Fingerprint, want)
	if state == index.Schema {
		return nil, state, nil
	}
	return &Reader{home: h, opts: o, at: m}, state, nil
}
