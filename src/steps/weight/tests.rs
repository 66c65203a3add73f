//! Against the numbers of other programs.
