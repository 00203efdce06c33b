package shop //nolint:revive // shop.gen.go has the package comment

// The client of an invented tea shop's API, on which the adapter is tested. It is generated with the generator's
// default naming, and shop.yaml has one example of everything that the adapter claims to carry.

//go:generate go tool -modfile=../../../gen/tools/go.mod oapi-codegen -package shop -generate types,client -o shop.gen.go shop.yaml
//go:generate go run ../../../gen/tablegen -package shop -out table.gen.go shop.yaml
