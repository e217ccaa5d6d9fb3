#include "render/viewer/actions.h"

#include <algorithm>
#include <string_view>

#include "core/error.h"
#include "envs/all.h"

namespace render {

// As the environment's row says it: "left turn", "up: ahead"; empty where it says nothing.
static std::string_view row_name(const envs::Spec& spec, int64_t a) {
  const envs::Entry* entry = envs::all().find(spec.id);
  if (!entry || a < 0 || a >= static_cast<int64_t>(entry->description.action_names.size())) return {};
  const char* name = entry->description.action_names[static_cast<size_t>(a)];
  return name ? std::string_view(name) : std::string_view{};
}

std::string action_name(const envs::Spec& spec, int64_t a) {
  const std::string_view name = row_name(spec, a);
  if (name.empty()) return std::to_string(a);
  const size_t colon = name.find(": ");
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 2));
}

std::string observation_name(const envs::Spec& spec, size_t k) {
  const envs::Entry* entry = envs::all().find(spec.id);
  const bool named =
      entry && k < entry->description.observation_names.size() && entry->description.observation_names[k];
  return named ? entry->description.observation_names[k] : "";
}

// The arrow that a name begins with.
static std::optional<Key> arrow(std::string_view name) {
  const std::string_view word = name.substr(0, name.find_first_of(" :"));
  if (word == "left") return Key::left;
  if (word == "right") return Key::right;
  if (word == "up") return Key::up;
  return word == "down" ? std::optional(Key::down) : std::nullopt;
}

Hands::Hands(const envs::Spec& spec) {
  core::check(spec.action.is_discrete(),
              "{}: a person plays environments with one discrete action; it has {}", spec.id,
              spec.action.str());
  for (int64_t a = 0; a < spec.action.n[0]; ++a) {
    const std::string_view name = row_name(spec, a);
    names_.push_back(action_name(spec, a));
    keys_.push_back(
        arrow(name).value_or(a < 10 ? static_cast<Key>(static_cast<int>(Key::digit0) + a) : Key::none));
    if (name == "nothing") idle_ = a;
  }
}

std::optional<int64_t> Hands::action(Key key) const {
  if (const int digit = digit_of(key); digit >= 0 && digit < static_cast<int>(names_.size())) return digit;
  const auto found = std::find(keys_.begin(), keys_.end(), key);
  if (key == Key::none || found == keys_.end()) return std::nullopt;
  return found - keys_.begin();
}

static std::string key_sign(Key key) {
  if (key == Key::left) return "\u2190";
  if (key == Key::right) return "\u2192";
  if (key == Key::up) return "\u2191";
  return key == Key::down ? "\u2193" : std::to_string(digit_of(key));
}

std::string Hands::sentence() const {
  std::string words;
  for (size_t a = 0; a < names_.size(); ++a)
    if (keys_[a] != Key::none) words += (words.empty() ? "" : "   ") + key_sign(keys_[a]) + " " + names_[a];
  return words;
}

}  // namespace render
