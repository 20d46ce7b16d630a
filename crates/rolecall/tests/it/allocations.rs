//! A token that comes again costs no memory.

use crate::stage::{Stage, stage, token};

#[test]
fn a_repeated_decision_allocates_nothing() {
    let Stage { gate, .. } = stage();
    let good = token(|_| ());
    // The first time, each of them is decided and remembered.
    gate.authorize(&good, "deploy").unwrap();
    gate.authorize(&good, "admin").unwrap_err();
    assert_eq!(gate.roles(&good).unwrap().iter().count(), 2);
    let counted = allocation_counter::measure(|| {
        for _ in 0..100 {
            assert!(gate.authorize(&good, "deploy").is_ok());
            assert!(gate.authorize(&good, "admin").is_err());
            assert_eq!(gate.roles(&good).unwrap().iter().count(), 2);
        }
    });
    assert_eq!((counted.count_total, counted.bytes_total), (0, 0));
}
