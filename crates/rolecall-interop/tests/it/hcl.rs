//! Configurations of Terraform in HCL: cases by hand, places, and hostile texts.

mod hostile;
mod locations;

use crate::terraform::check;

#[test]
fn cases_of_hcl_have_the_same_verdicts() {
    let (documents, verdicts) = check("hcl");
    assert!(documents >= 15 && verdicts >= 25);
}
