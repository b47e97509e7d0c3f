//! Corrections of a model: each names what it corrects, and fails when that is gone.

use serde_json::Value;

use crate::Fault;
use crate::services::Overlay;

/// Applies every overlay, in order.
pub(super) fn apply(model: &mut Value, overlays: &[Overlay]) -> Result<(), Fault> {
    for overlay in overlays {
        let path = overlay.path;
        let new: Value = serde_json::from_str(overlay.new)?;
        let old: Option<Value> = overlay.old.map(serde_json::from_str).transpose()?;
        let found = model.pointer(path);
        if found != old.as_ref() {
            let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
            let old = overlay.old.unwrap_or("nothing");
            return Err(format!("overlay {path}: expected {old}, the model has {found}").into());
        }
        let (parent, key) = path.rsplit_once('/').ok_or("an overlay's path starts with /")?;
        let parent = model.pointer_mut(parent).and_then(Value::as_object_mut);
        let parent = parent.ok_or_else(|| format!("overlay {path}: nothing there to put it into"))?;
        parent.insert(key.to_owned(), new);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_overlay_replaces_what_it_names() {
        let mut model = json!({"shapes": {"A": {"max": 1}}});
        let overlays = [
            Overlay { path: "/shapes/A/max", old: Some("1"), new: "2" },
            Overlay { path: "/shapes/A/min", old: None, new: "0" },
        ];
        apply(&mut model, &overlays).unwrap();
        assert_eq!(model, json!({"shapes": {"A": {"max": 2, "min": 0}}}));
    }

    #[test]
    fn an_overlay_of_another_value_fails() {
        let mut model = json!({"shapes": {"A": {"max": 3}}});
        let overlay = [Overlay { path: "/shapes/A/max", old: Some("1"), new: "2" }];
        let fault = apply(&mut model, &overlay).unwrap_err().to_string();
        assert_eq!(fault, "overlay /shapes/A/max: expected 1, the model has 3");
        let overlay = [Overlay { path: "/shapes/A/max", old: None, new: "2" }];
        assert!(apply(&mut model, &overlay).is_err());
    }
}
