// Keys by what they are called; what they do depends on what is shown.
#pragma once

#include <string>

namespace render {

enum class Key {
  none,
  space,
  left,
  right,
  up,
  down,
  home,
  end,
  n,
  p,
  r,
  o,
  c,
  m,
  t,
  h,
  q,
  digit0,
  digit1,
  digit2,
  digit3,
  digit4,
  digit5,
  digit6,
  digit7,
  digit8,
  digit9
};

// "space", "left", "n", "7". Error for a name that is none.
Key key_named(const std::string& name);
// The digit of a digit's key, else -1.
int digit_of(Key key);

}  // namespace render
