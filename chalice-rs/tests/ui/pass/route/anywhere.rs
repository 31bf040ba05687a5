#![deny(dead_code)]

use chalice_rs::prelude::*;

/// Routes of a module.
pub mod users {
    pub mod admin {
        use chalice_rs::route;

        #[route("/admin")]
        pub(in crate::users) fn list() {}
    }

    #[chalice_rs::route("/users")]
    pub fn list() {
        admin::list();
    }

    #[chalice_rs::route("/users/private")]
    fn private() {}
}

#[cfg(test)]
mod only_in_tests {
    #[chalice_rs::route("/tests")]
    fn list(undefined: Undefined) {}
}

macro_rules! pages {
    ($($path:literal $name:ident $argument:ident: $ty:ty)*) => {
        $(
            #[route($path)]
            fn $name($argument: $ty) -> String {
                $argument.to_string()
            }
        )*
    };
}

pages! {
    "/pages/<number>" page number: u32
    "/chapters/<title>" chapter title: &str
}

fn main() {
    #[route("/in-a-function/<id>")]
    fn inner(id: u32) -> String {
        id.to_string()
    }
    assert_eq!(inner(1), page(1));
    let _ = chapter;
}
