//! Configurations of our own making, in the forms and proportions of what is found in public.

use crate::terraform::check;

#[test]
fn configurations_have_the_same_verdicts() {
    let (documents, verdicts) = check("configurations");
    assert!(documents >= 120 && verdicts >= 300);
}
