//! How sure is each rank: exactly where mathematics allows, by reproducible simulation elsewhere.

pub(crate) mod exact;
