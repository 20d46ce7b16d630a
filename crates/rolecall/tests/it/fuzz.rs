//! Properties that the fuzz targets check, run here on the inputs that are kept.

#[path = "../../../../fuzz/src/differential.rs"]
pub(crate) mod differential;
#[path = "../../../../fuzz/src/discovery.rs"]
pub(crate) mod discovery;
#[path = "../../../../fuzz/src/key_set.rs"]
pub(crate) mod key_set;
