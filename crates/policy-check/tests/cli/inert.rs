//! Whatever a merge request says, what is printed about it stays text: no service, terminal or browser obeys it.

mod commands;
mod markdown;
mod pages;
mod tokens;
