//! Tasks by name: each a question, a few lines of code that run, and what to watch.
//!
//! Where the code does not say otherwise, `framework` and `cities` are the embedded ones of an [article](crate::article) on
//! industrial cities (`article::framework()`, and the latest figures of `article::observations()`), and `scores` are theirs
//! under the default method. Click on an example's source to see the hidden lines. Why a choice is made is
//! explained in [the methods](crate::methods).
//!
//! Every block is compiled and run by the tests, and every number in it is compared.
#![doc = include_str!("docs/cookbook/figures.md")]
#![doc = include_str!("docs/cookbook/method.md")]
#![doc = include_str!("docs/cookbook/yardstick.md")]
#![doc = include_str!("docs/cookbook/results.md")]
#![doc = include_str!("docs/cookbook/why.md")]
#![doc = include_str!("docs/cookbook/time.md")]
#![doc = include_str!("docs/cookbook/doubt.md")]
#![doc = include_str!("docs/cookbook/quality.md")]
#![doc = include_str!("docs/cookbook/claims.md")]

// A new recipe is a heading of the second level in one of these files, and a link under "How do I" in lib.rs: a test sees to it.
#[cfg(doc)]
use crate::*;
