module github.com/seed-f165d83c/workos/ci/corpus

go 1.25.5
