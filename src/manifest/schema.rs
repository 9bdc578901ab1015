//! The JSON Schema of manifests, made from their shape.

use serde_json::{Map, Value, json};

use super::shape::{Field, MANIFEST, Shape};

/// As editors and validators take it (draft 2020-12).
#[must_use]
pub fn schema() -> Value {
    let mut schema = of(&MANIFEST);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("hostctl manifest");
    schema
}

fn of(shape: &Shape) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string", "minLength": 1 }),
        Shape::Integer(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::Duration => json!({ "type": ["integer", "string"] }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::List(items) => json!({ "type": "array", "items": of(items) }),
        Shape::Table(fields) => table(fields),
    }
}

fn table(fields: &[Field]) -> Value {
    let property = |field: &Field| {
        let mut schema = of(&field.shape);
        schema["description"] = json!(field.documentation);
        (field.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = fields.iter().map(property).collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.is_required)
        .map(|field| field.name)
        .collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}
