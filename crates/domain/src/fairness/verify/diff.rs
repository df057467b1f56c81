//! Where two JSON values differ, as JSON pointers (RFC 6901).

use serde_json::Value;

/// One difference: where, what was expected and what was found; `None` for a member that is not there.
pub(super) struct Difference<'a> {
    pub(super) pointer: String,
    pub(super) expected: Option<&'a Value>,
    pub(super) found: Option<&'a Value>,
}

/// The first `most` differences, in the order of the expected value's members.
pub(super) fn differences<'a>(expected: &'a Value, found: &'a Value, most: usize) -> Vec<Difference<'a>> {
    let mut walk = Walk { most, list: Vec::new() };
    walk.compare(&mut String::new(), Some(expected), Some(found));
    walk.list
}

struct Walk<'a> {
    most: usize,
    list: Vec<Difference<'a>>,
}

impl<'a> Walk<'a> {
    fn compare(&mut self, pointer: &mut String, expected: Option<&'a Value>, found: Option<&'a Value>) {
        if expected == found || self.list.len() >= self.most {
            return;
        }
        match (expected, found) {
            (Some(Value::Object(left)), Some(Value::Object(right))) => {
                for (name, value) in left {
                    self.step(pointer, name, Some(value), right.get(name));
                }
                for (name, value) in right.iter().filter(|(name, _)| !left.contains_key(*name)) {
                    self.step(pointer, name, None, Some(value));
                }
            }
            (Some(Value::Array(left)), Some(Value::Array(right))) => {
                for at in 0..left.len().max(right.len()) {
                    self.step(pointer, &at.to_string(), left.get(at), right.get(at));
                }
            }
            _ => self.list.push(Difference { pointer: pointer.clone(), expected, found }),
        }
    }

    fn step(&mut self, pointer: &mut String, name: &str, expected: Option<&'a Value>, found: Option<&'a Value>) {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        self.compare(pointer, expected, found);
        pointer.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_what_is_changed_missing_and_too_much() {
        let expected = json!({"a/b": [1, {"c": 2}], "gone": true, "same": null});
        let found = json!({"a/b": [1, {"c": 3}, 4], "same": null, "more": 1});
        let list = differences(&expected, &found, 10);
        let pointers: Vec<&str> = list.iter().map(|difference| difference.pointer.as_str()).collect();
        assert_eq!(pointers, ["/a~1b/1/c", "/a~1b/2", "/gone", "/more"]);
        assert_eq!((list[0].expected, list[0].found), (Some(&json!(2)), Some(&json!(3))));
        assert_eq!((list[2].found, list[3].expected), (None, None));
        assert_eq!(differences(&expected, &found, 2).len(), 2);
        assert!(differences(&expected, &expected, 2).is_empty());
    }
}
