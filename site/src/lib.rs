//! The documentation as a site: a book of the pages where they stand, and a check of its links.

mod address;
mod book;
mod check;
mod contents;
mod help;
mod left_out;
mod links;
mod repository;
mod rules;
mod rust_docs;

pub use book::{Options, build};
