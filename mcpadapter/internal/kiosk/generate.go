package kiosk //nolint:revive // kiosk.gen.go has the package comment

// The client of an invented kiosk's API, generated with options that change names and types.

//go:generate go tool -modfile=../../../gen/tools/go.mod oapi-codegen -config config.yaml kiosk.yaml
//go:generate go run ../../../gen/tablegen -package kiosk -out table.gen.go kiosk.yaml
