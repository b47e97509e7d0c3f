//! Tests that need to see inside.

mod agreement;
mod generate;
mod rule_set;
