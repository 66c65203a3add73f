//! What may happen to a stored file.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Every place of a stored value, as a JSON pointer.
fn places(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| places(item, format!("{at}/{i}"), found));
        }
        Value::Object(fields) => fields.iter().for_each(|(key, field)| places(field, format!("{at}/{key}"), found)),
        _ => {}
    }
    found.push(at);
}

/// The value with one place of it changed, in every way that may happen to a file.
fn damaged(value: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    places(value, String::new(), &mut found);
    let mut all = Vec::new();
    for place in found {
        let there = value.pointer(&place).unwrap();
        let mut others = vec![Value::Null, json!(true), json!(-1), json!(1e300), json!("x"), json!([]), json!({})];
        match there {
            Value::Array(items) if !items.is_empty() => {
                others.push(items[1..].into());
                others.push(items.iter().chain(&items[..1]).cloned().collect());
                others.push(items.iter().rev().cloned().collect());
            }
            Value::Object(fields) => {
                for key in fields.keys() {
                    let mut rest = fields.clone();
                    rest.remove(key);
                    others.push(rest.into());
                }
            }
            Value::Number(number) => others.extend([json!(number.as_f64().map(|n| -n)), json!(0), json!(0.5)]),
            _ => {}
        }
        for other in others {
            if other != *there {
                let mut copy = value.clone();
                *copy.pointer_mut(&place).unwrap() = other.clone();
                all.push((format!("{place}: {other}"), copy));
            }
        }
    }
    all
}

/// Reads every damaged form of a value, and uses what can be read; gives how many could be and how many not.
pub(crate) fn survive<T: Serialize + DeserializeOwned>(value: &T, using: impl Fn(T)) -> (usize, usize) {
    let text = serde_json::to_string(value).unwrap();
    for end in (0..text.len()).step_by(7) {
        assert!(serde_json::from_str::<T>(text.get(..end).unwrap_or("[")).is_err(), "cut at {end}");
    }
    let (mut good, mut bad) = (0, 0);
    for (what, stored) in damaged(&serde_json::to_value(value).unwrap()) {
        let used = catch_unwind(AssertUnwindSafe(|| serde_json::from_value(stored).map(&using).is_ok()));
        assert!(used.is_ok(), "a panic after {what}");
        if used.is_ok_and(|read| read) {
            good += 1;
        } else {
            bad += 1;
        }
    }
    (good, bad)
}
