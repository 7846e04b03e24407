package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/crawler"
	"tuogou/rules"
)

// visitsKey names in the store what is known of the sources.
const visitsKey = "visits"

// keepVisits writes down which sources were read to the end. A visit that was not
// complete leaves the last complete one known.
func (a *app) keepVisits(ctx context.Context, s store.Store, sites []rules.Site, r crawler.Report) error {
	return store.Alone(ctx, s, visitsKey, func(ctx context.Context) error { return a.keepVisitsNow(ctx, s, sites, r) })
}

func (a *app) keepVisitsNow(ctx context.Context, s store.Store, sites []rules.Site, r crawler.Report) error {
	all, err := visits(ctx, s)
	if err != nil {
		return err
	}
	day := a.Now().UTC().Format(time.DateOnly)
	for _, h := range r.Sites {
		i := slices.IndexFunc(sites, func(site rules.Site) bool { return site.ID == h.Site })
		if i < 0 || h.Lists == 0 && h.Missed == "" { // a page that is no list tells of nothing else
			continue
		}
		at, known := slices.BinarySearchFunc(all, h.Site, func(v compare.Visit, id string) int { return strings.Compare(v.Source, id) })
		if !known {
			all = slices.Insert(all, at, compare.Visit{Source: h.Site})
		}
		v := &all[at]
		v.Name, v.Code, v.Asked, v.Why = sites[i].Name, sites[i].Code, day, h.Missed
		if h.Missed == "" {
			v.Read, v.Rows = day, h.Rows
		}
	}
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return s.PutMeta(ctx, visitsKey, string(data))
}

// visits are those of all sources that were ever asked, by their ids.
func visits(ctx context.Context, s store.Notes) ([]compare.Visit, error) {
	data, err := s.Meta(ctx, visitsKey)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []compare.Visit
	if err := json.Unmarshal([]byte(data), &out); err != nil {
		return nil, fmt.Errorf("visits of sources: %w", err)
	}
	return out, nil
}

// searched are places of which a report on coverage tells: those given, or those of
// the study, of the sources that were asked, and of plans that are cited and not here.
func (a *app) searched(rs []*corpus.Record, codes []string, visits []compare.Visit) ([]string, error) {
	k, err := a.knowledge()
	if err != nil {
		return nil, err
	}
	more := map[string]bool{}
	for _, v := range visits {
		more[v.Code] = true
	}
	for _, r := range rs {
		for _, ref := range r.References {
			if !r.OnTopic || !compare.WantedPlan(ref) {
				continue
			}
			if found := k.places.Find(ref.Title, 0); len(found) > 0 && found[0].Span.Start == 0 && len(found[0].Places) == 1 {
				more[found[0].Places[0].Code] = true
			}
		}
	}
	out := slices.Clone(codes)
	for code := range more {
		if !slices.Contains(codes, code) {
			out = append(out, code)
		}
	}
	slices.Sort(out[len(codes):])
	return out, nil
}
