package main

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"tuogou/extract/reader/flow"
)

// limitFields names the limits of a file as --limit takes them.
func limitFields(l *flow.Limits) map[string]any {
	return map[string]any{
		"bytes": &l.Bytes, "unpacked": &l.Unpacked, "ratio": &l.Ratio, "depth": &l.Depth, "nesting": &l.Nesting,
		"entries": &l.Entries, "pages": &l.Pages, "cells": &l.Cells, "time": &l.Time,
	}
}

// limitsOf reads the values of --limit: "pages=500", "bytes=64M", "time=30s".
func limitsOf(values []string) (flow.Limits, error) {
	var l flow.Limits
	fields := limitFields(&l)
	for _, v := range values {
		name, value, ok := strings.Cut(v, "=")
		if !ok || fields[name] == nil {
			return l, usage("--limit %s: write NAME=VALUE, where NAME is one of %s", v, limitNames(fields))
		}
		var err error
		switch f := fields[name].(type) {
		case *int64:
			*f, err = size(value)
		case *int:
			*f, err = strconv.Atoi(value)
		case *time.Duration:
			*f, err = time.ParseDuration(value)
		}
		if err != nil || strings.HasPrefix(value, "-") {
			return l, usage("--limit %s: %q is no value for it (500, 64M, 30s)", v, value)
		}
	}
	return l.WithDefaults(), nil
}

func limitNames(fields map[string]any) string {
	names := make([]string, 0, len(fields))
	for n := range fields {
		names = append(names, n)
	}
	sort.Strings(names)
	return strings.Join(names, ", ")
}

// size reads a number of bytes: 500, 64K, 64M, 1G.
func size(s string) (int64, error) {
	shift := 0
	for i, unit := range []string{"K", "M", "G"} {
		if cut, ok := strings.CutSuffix(strings.ToUpper(s), unit); ok {
			s, shift = cut, 10*(i+1)
		}
	}
	n, err := strconv.ParseInt(s, 10, 32)
	return n << shift, err
}
