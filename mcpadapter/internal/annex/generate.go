package annex //nolint:revive // annex.gen.go has the package comment

// The client of an invented annex's API, for parameters that generated clients cannot write or leave out.

//go:generate go tool -modfile=../../../gen/tools/go.mod oapi-codegen -package annex -generate types,client -o annex.gen.go annex.yaml
//go:generate go run ../../../gen/tablegen -package annex -out table.gen.go annex.yaml
