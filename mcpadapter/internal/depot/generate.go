package depot //nolint:revive // depot.gen.go has the package comment

// The client of an invented depot's API, for the media types of bodies and responses and for names and paths that need
// care. It is generated with the generator's default naming.

//go:generate go tool -modfile=../../../gen/tools/go.mod oapi-codegen -package depot -generate types,client -o depot.gen.go depot.yaml
//go:generate go run ../../../gen/tablegen -package depot -out table.gen.go depot.yaml
