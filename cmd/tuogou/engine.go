package main

import (
	"context"
	"net/url"
	"strings"

	"tuogou/corpus/store"
	"tuogou/corpus/store/postgres"
	"tuogou/corpus/store/sqlite"
)

// envStore names the store by its address, postgres://USER@HOST/DATABASE, or "sqlite"
// for that of the data folder, which is also what is used without it.
const envStore = "TUOGOU_STORE"

// storeAddress is the address of the database that keeps the data, or empty where the
// data folder does.
func (a *app) storeAddress() (string, error) {
	address := a.Getenv(envStore)
	if address == "sqlite" {
		return "", nil
	}
	if address != "" && !isPostgres(address) {
		return "", usage("%s is no address of a database: postgres://USER@HOST/DATABASE is one", envStore)
	}
	return address, nil
}

// isPostgres reports whether s is the address of a PostgreSQL database.
func isPostgres(s string) bool {
	return strings.HasPrefix(s, "postgres://") || strings.HasPrefix(s, "postgresql://")
}

// openStore opens what an address of a database or, where it is empty, a folder names.
func openStore(ctx context.Context, address, dir string, opts store.Options) (store.Store, error) {
	if address != "" {
		return postgres.Open(ctx, address, opts)
	}
	return sqlite.Open(ctx, dir, opts)
}

// shown is an address without its password, for people to read.
func shown(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(an address that cannot be read)"
	}
	if q := u.Query(); q.Has("password") {
		q.Set("password", "xxxxx")
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}

// printStore says where the data are kept.
func (a *app) printStore() {
	address, err := a.storeAddress()
	switch {
	case err != nil: // what opened the store has told it
	case address == "":
		a.print("store     SQLite\n")
	default:
		a.print("store     PostgreSQL, %s\n", shown(address))
	}
}
