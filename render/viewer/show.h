// What the viewer may show, and how it is asked and told whatever it is.
#pragma once

#include <string>
#include <type_traits>
#include <variant>

#include "render/viewer/album.h"
#include "render/viewer/human.h"
#include "render/viewer/stage.h"

namespace render {

// A run that has nothing to show yet.
struct Waiting {
  std::string words;
};

using Show = std::variant<Waiting, Stage, Album, Human>;

// f(show), of whichever it is; `otherwise` of one that waits.
template <class Result, class F>
Result ask(const Show& show, Result otherwise, F&& f) {
  return std::visit(
      [&](const auto& s) -> Result {
        if constexpr (std::is_same_v<std::decay_t<decltype(s)>, Waiting>)
          return otherwise;
        else
          return f(s);
      },
      show);
}

// f(show) likewise, which says whether it changed anything.
template <class F>
bool tell(Show& show, F&& f) {
  return std::visit(
      [&](auto& s) -> bool {
        if constexpr (std::is_same_v<std::decay_t<decltype(s)>, Waiting>)
          return false;
        else
          return f(s);
      },
      show);
}

}  // namespace render
