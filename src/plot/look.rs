//! What every picture can be told: theme, sizes, texts, and what to point out. Private.

use std::collections::{BTreeMap, BTreeSet};

use super::auto::both;
use super::canvas::Canvas;
use super::theme::Theme;
use crate::error::{Error, Fault, Result, What, nearest};

/// The options that all pictures share.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Look {
    pub(super) theme: Theme,
    pub(super) width: f64,
    pub(super) text: f64,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) highlights: BTreeSet<String>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            width: 700.0,
            text: 12.0,
            title: None,
            description: None,
            labels: BTreeMap::new(),
            highlights: BTreeSet::new(),
        }
    }
}

impl Look {
    /// A picture by these options, drawn by a function.
    pub(super) fn picture(&self, draw: impl Fn(&mut Canvas<'_>) -> Result<()>) -> Result<String> {
        self.check()?;
        let mut canvas = Canvas::new(self, self.theme.ink());
        draw(&mut canvas)?;
        let unknown = self.labels.keys().chain(&self.highlights).find(|code| !canvas.has_shown(code));
        if let Some(code) = unknown {
            let shown = canvas.shown();
            let nearest = nearest(code, shown.iter().map(String::as_str));
            return Err(Error::Unknown { what: What::Shown, code: code.clone(), nearest });
        }
        if self.theme != Theme::Auto {
            return Ok(canvas.finish());
        }
        // The same once more in the other colours: places do not depend on them.
        let mut dark = Canvas::new(self, Theme::Dark.ink());
        draw(&mut dark)?;
        Ok(both(&canvas.finish(), &dark.finish()))
    }

    fn check(&self) -> Result<()> {
        let fault = |name, value, need| Err(Fault::Parameter { name, value, need }.into());
        if !(6.0..=48.0).contains(&self.text) {
            return fault("the size of the text", self.text, "from 6 to 48");
        }
        if !(200.0..=4000.0).contains(&self.width) {
            return fault("the width of a picture", self.width, "from 200 to 4000");
        }
        if self.width < 30.0 * self.text {
            return fault("the width of a picture", self.width, "30 times the size of its text or more");
        }
        Ok(())
    }
}

/// Gives the builder of a picture the methods that all of them have. It has a field `look`, and a function `draw`.
macro_rules! picture {
    ($picture:ident) => {
        impl $picture<'_> {
            /// Sets the background that the picture is made for; light by default.
            pub fn theme(mut self, theme: $crate::plot::Theme) -> Self {
                self.look.theme = theme;
                self
            }

            /// Sets the width in pixels, from 200 to 4,000 and at least 30 times the size of the text; 700 by default, which a
            /// column of a page holds. The height follows from what is shown. The picture scales to where it is put.
            pub fn width(mut self, width: f64) -> Self {
                self.look.width = width;
                self
            }

            /// Sets the size of the text in pixels, from 6 to 48; 12 by default. Rows and marks grow with it.
            pub fn text_size(mut self, size: f64) -> Self {
                self.look.text = size;
                self
            }

            /// Sets the title, which stands above the picture and is what screen readers say first; an empty one is not shown,
            /// and screen readers still get the one it would have had.
            pub fn title(mut self, title: impl Into<String>) -> Self {
                self.look.title = Some(title.into());
                self
            }

            /// Sets the description, which screen readers say after the title, in the place of the summary that is written by
            /// itself.
            pub fn description(mut self, description: impl Into<String>) -> Self {
                self.look.description = Some(description.into());
                self
            }

            /// Shows a city, node or input under another text than its name; give its key or code.
            pub fn label(mut self, code: impl Into<String>, text: impl Into<String>) -> Self {
                self.look.labels.insert(code.into(), text.into());
                self
            }

            /// Points out a city, node or input; give its key or code. May be called for several.
            pub fn highlight(mut self, code: impl Into<String>) -> Self {
                self.look.highlights.insert(code.into());
                self
            }

            /// Draws the picture: a whole SVG document, which can also stand in the middle of HTML.
            ///
            /// # Errors
            /// [`Error::Invalid`](crate::Error::Invalid) where a size is out of its range;
            /// [`Error::Unknown`](crate::Error::Unknown) where a label or highlight names nothing that the picture shows; and
            /// those of this picture.
            pub fn svg(&self) -> $crate::error::Result<String> {
                self.look.picture(|canvas| self.draw(canvas))
            }
        }
    };
}
pub(super) use picture;
