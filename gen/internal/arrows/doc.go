// Package arrows holds the packages of the module to the imports that each may have: a boundary is a package, and the
// arrows between them run one way.
package arrows
