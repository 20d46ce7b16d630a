//! JSON, as its schemas have it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The files with definitions that others refer to. A file refers to later ones.
const SHARED: [&str; 2] = ["explain", "check"];

/// A schema file of this crate, with the definitions of the files that it refers to. Their names have the name of the file
/// in front.
pub(crate) fn own(path: &str) -> Value {
    let text = |path: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let mut text = std::fs::read_to_string(file).unwrap();
        for other in SHARED {
            text = text.replace(
                &format!("{other}.schema.json#/$defs/"),
                &format!("#/$defs/{other}."),
            );
        }
        text
    };
    let mut referring = text(path);
    let mut schema: Value = serde_json::from_str(&referring).unwrap();
    for other in SHARED {
        if !referring.contains(&format!("#/$defs/{other}.")) {
            continue;
        }
        let mut text = text(&format!("schemas/{other}.schema.json"));
        let definitions: Value = serde_json::from_str(&text).unwrap();
        let names: Vec<String> = definitions["$defs"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        for name in &names {
            text = text.replace(
                &format!("\"#/$defs/{name}\""),
                &format!("\"#/$defs/{other}.{name}\""),
            );
        }
        let definitions: Value = serde_json::from_str(&text).unwrap();
        referring += &text;
        for name in names {
            schema["$defs"][format!("{other}.{name}")] = definitions["$defs"][&name].clone();
        }
    }
    schema
}

/// The schema of SARIF 2.1.0 by OASIS, which comes with a library: it is where cargo has unpacked that
/// for `cargo metadata`, though nothing is built of it.
pub(crate) fn sarif() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["metadata", "--format-version", "1", "--locked"]);
        command.current_dir(env!("CARGO_MANIFEST_DIR"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut packages = metadata["packages"].as_array().unwrap().iter();
        let package = packages.find(|package| package["name"] == "serde-sarif").unwrap();
        let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
        let schema = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
        let mut schema: Value = serde_json::from_str(&schema).unwrap();
        // The pattern of languages has a `]` too many, which is no regular expression to stricter readers.
        for owner in ["run", "toolComponent"] {
            let languages = schema["definitions"][owner]["properties"]["language"].as_object_mut();
            languages.unwrap().remove("pattern");
        }
        schema
    })
}

/// Asserts that a value is as a schema has it.
#[track_caller]
pub(crate) fn assert_valid(schema: &Value, value: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
}

/// The schema with nothing allowed that it does not name: what is added has to be added there as well.
pub(crate) fn closed(mut schema: Value) -> Value {
    fn close(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(close),
            Value::Object(members) => {
                if members.get("type").is_some_and(|of| of == "object")
                    && (members.contains_key("properties") || members.contains_key("allOf"))
                {
                    members.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
                }
                members.values_mut().for_each(close);
            }
            _ => {}
        }
    }
    close(&mut schema);
    schema
}
