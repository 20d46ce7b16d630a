//! The pipeline that checks the policies, and shows in merge requests which access they change.

use super::{Ci, NewFile, Starter};
use std::path::Path;

const CONTENT: &str = "check, test, prove and diff in each merge request";
const INCLUDED: &str =
    "the same for each merge request: add `include: policy-check.gitlab-ci.yml` to .gitlab-ci.yml";

const GITLAB: &str = r#"# Checks the policies, and shows in a merge request which access it changes.
policy-check:
  stage: test
  image:
    # Built from the Containerfile of policy-check. Set the variable in Settings > CI/CD > Variables.
    name: $POLICY_CHECK_IMAGE
    entrypoint: [""]
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - |
      set -eu
      base=
      if [ -n "${CI_MERGE_REQUEST_TARGET_BRANCH_NAME:-}" ]; then
        base=refs/policy-check/base
        git -c safe.directory="$PWD" fetch --quiet --no-tags --depth=1 origin \
          "+refs/heads/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME:$base"
      fi
      policy-check fmt --check @folder@
      policy-check check ${base:+--base "$base"} --format human --format gitlab=gl-code-quality-report.json @folder@
      # Tests, and the proofs of assertions.
      policy-check test --fail-on-empty --format human --format junit=policy-check.xml @folder@
      # With `--no-new-access`, a change by which a token gains a role fails.
      if [ -n "$base" ]; then policy-check diff --base "$base" @folder@; fi
  artifacts:
    when: always
    expire_in: 30 days
    reports:
      codequality: gl-code-quality-report.json
      junit: policy-check.xml
"#;

const GITHUB: &str = r#"# Checks the policies, and shows in a pull request which access it changes.
name: policy-check
on:
  pull_request:
  push:
    branches: ["@branch@"]
permissions:
  contents: read
jobs:
  policy-check:
    runs-on: ubuntu-latest
    # Built from the Containerfile of policy-check. Set the variable in Settings > Secrets and variables > Actions.
    container:
      image: ${{ vars.POLICY_CHECK_IMAGE }}
      options: --user root
    steps:
      - uses: actions/checkout@v5
        with:
          persist-credentials: false
          # The commit before a merge is the target branch.
          fetch-depth: 2
      - shell: sh
        env:
          BASE: ${{ github.event_name == 'pull_request' && 'HEAD^1' || '' }}
        run: |
          set -eu
          policy-check fmt --check @folder@
          policy-check check ${BASE:+--base "$BASE"} --format github @folder@
          # Tests, and the proofs of assertions.
          policy-check test --fail-on-empty @folder@
          # With `--no-new-access`, a change by which a token gains a role fails.
          if [ -n "$BASE" ]; then policy-check diff --base "$BASE" @folder@; fi
"#;

impl Starter {
    /// Returns the pipeline. Where there is one for other jobs, it is a file that this one can include.
    pub(crate) fn pipeline(&self, folder: &str, has_other: bool) -> NewFile {
        pipeline(self.ci, &self.branch, folder, has_other)
    }
}

/// Returns the pipeline of a CI system.
pub(crate) fn pipeline(ci: Ci, branch: &str, folder: &str, has_other: bool) -> NewFile {
    let (path, text, content) = match ci {
        Ci::Github => (".github/workflows/policy-check.yml", GITHUB, CONTENT),
        Ci::Gitlab if has_other => ("policy-check.gitlab-ci.yml", GITLAB, INCLUDED),
        Ci::Gitlab => (".gitlab-ci.yml", GITLAB, CONTENT),
    };
    NewFile {
        path: Path::new(path).to_path_buf(),
        text: text.replace("@folder@", folder).replace("@branch@", branch),
        content,
    }
}
