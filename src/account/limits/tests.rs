//! What exceeds which limit.

use super::*;

#[test]
fn only_what_is_asked_for_is_held_against_the_limits() {
    let limits = Limits {
        databases: Some(1),
        boxes: Some(0),
        quota_bytes: Some(100),
        ..Limits::default()
    };
    let mut usage = Usage {
        databases: 2,
        quota_bytes: Some(101),
        ..Usage::default()
    };
    assert_eq!(
        limits.exceeded_by(&usage, &[Owned::Database]),
        ["2 databases of at most 1"]
    );
    assert_eq!(limits.exceeded_by(&usage, &[Owned::Zone]), Vec::<String>::new());
    assert_eq!(
        limits.exceeded_by(&usage, &[Owned::Box]),
        ["quotas of 101 bytes of at most 100"]
    );
    usage.quota_bytes = None;
    usage.add(Owned::Box);
    assert_eq!(
        limits.exceeded_by(&usage, &Owned::ALL),
        [
            "2 databases of at most 1",
            "1 box of at most 0",
            "a box without quota where all share 100 bytes"
        ]
    );
    assert_eq!(
        Limits::default().exceeded_by(&usage, &Owned::ALL),
        Vec::<String>::new()
    );
}
