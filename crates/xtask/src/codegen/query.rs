//! The names of the query protocol, by one rule.
//!
//! A member is named by its own query name, else by its shape's, else by its JSON name. A flattened list has no
//! element around its items: each item repeats the *member's* name, and there botocore and AWS let the name of the
//! list's items take the member's place (`Entries` → `SendMessageBatchRequestEntry.1`). So `Member.query` is always
//! the name that an entry repeats.

use super::model::{Body, Member, Model, Use};

/// Whether this use of a list or map repeats the member's name.
pub(super) fn flattened(model: &Model, target: &Use) -> bool {
    target.flattened || model.shape(&target.shape).flattened
}

/// The member's name in the query protocol.
pub(super) fn member_name(model: &Model, member: &Member) -> String {
    let shape = model.shape(&member.target.shape);
    let item = match &shape.body {
        Body::List(item) if flattened(model, &member.target) => item.query.clone(),
        _ => None,
    };
    let own = member.target.query.clone();
    item.or(own).or_else(|| shape.query.clone()).unwrap_or_else(|| member.name.clone())
}

/// The element name of a list's items where the list is not flattened.
pub(super) fn item_name(item: &Use) -> String {
    item.query.clone().unwrap_or_else(|| "member".to_owned())
}

/// The element names of a map's keys and values.
pub(super) fn entry_names(key: &Use, value: &Use) -> (String, String) {
    (
        key.query.clone().unwrap_or_else(|| "key".to_owned()),
        value.query.clone().unwrap_or_else(|| "value".to_owned()),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The model's one structure, with this member of this shape.
    #[track_caller]
    fn check(member: serde_json::Value, shape: serde_json::Value, name: &str, flat: bool) {
        let mut member = member;
        member["shape"] = "Many".into();
        let model = json!({
            "metadata": {"apiVersion": "1"},
            "operations": {"Op": {"input": {"shape": "In"}}},
            "shapes": {
                "In": {"type": "structure", "members": {"Plural": member}},
                "Many": shape,
                "Text": {"type": "string"},
            },
        });
        let model = Model::read(&model, None).unwrap();
        let Body::Structure(members) = &model.shape("In").body else { panic!("In is a structure") };
        assert_eq!(member_name(&model, &members[0]), name);
        assert_eq!(flattened(&model, &members[0].target), flat);
    }

    #[test]
    fn a_flattened_list_takes_its_items_name() {
        let list =
            json!({"type": "list", "flattened": true, "member": {"shape": "Text", "queryName": "One"}});
        check(json!({}), list, "One", true);
    }

    #[test]
    fn a_member_may_flatten_a_list_that_is_not() {
        let list = json!({"type": "list", "member": {"shape": "Text", "queryName": "One"}});
        check(json!({"flattened": true, "queryName": "Single"}), list, "One", true);
    }

    #[test]
    fn a_flattened_list_without_item_name_keeps_the_members() {
        check(
            json!({}),
            json!({"type": "list", "flattened": true, "member": {"shape": "Text"}}),
            "Plural",
            true,
        );
    }

    #[test]
    fn a_nested_list_keeps_the_members_name() {
        let list = json!({"type": "list", "member": {"shape": "Text", "locationName": "One"}});
        check(json!({}), list, "Plural", false);
    }

    #[test]
    fn a_map_takes_its_members_name_before_its_own() {
        let map = json!({"type": "map", "flattened": true, "queryName": "Attribute",
            "key": {"shape": "Text", "queryName": "Name"}, "value": {"shape": "Text", "queryName": "Value"}});
        check(json!({"queryName": "MessageAttribute"}), map.clone(), "MessageAttribute", true);
        check(json!({}), map, "Attribute", true);
    }

    #[test]
    fn location_names_count_as_query_names() {
        check(json!({"locationName": "Other"}), json!({"type": "string"}), "Other", false);
    }
}
