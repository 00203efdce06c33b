module github.com/seed-f165d83c/workos/ci/mutate

go 1.25.5
