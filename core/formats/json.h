// JSON from files of strangers.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace core::formats {

// Deeper ones than any tool writes would take what reads them to the end of its stack.
inline constexpr int most_json_depth = 64;

// Discarded (is_discarded()) where the text is no JSON, or deeper.
template <class Json = nlohmann::json>
Json parse_json(std::string_view text) {
  bool deep = false;
  const auto watch = [&](int depth, typename Json::parse_event_t, Json&) {
    deep = deep || depth > most_json_depth;
    return !deep;
  };
  Json parsed = Json::parse(text, watch, false);
  return deep ? Json(Json::value_t::discarded) : parsed;
}

}  // namespace core::formats
