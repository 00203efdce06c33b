// Package layout checks the layout of the module: the imports that each package may have, as a boundary is a package
// and arrows run one way, and the length of files.
package layout
