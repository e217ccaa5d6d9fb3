#include "commands/trial_config.h"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <filesystem>
#include <optional>

#include "core/duration.h"
#include "core/options.h"

namespace commands {

namespace {

using core::Value;

std::optional<double> number_in(const Value& value) {
  if (value.kind != Value::Kind::scalar || value.quoted) return std::nullopt;
  try {
    return core::parse_number(value.scalar);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

bool is_word(const Value& value) {
  return !value.scalar.empty() && std::isalpha(static_cast<unsigned char>(value.scalar[0]));
}

// A path is kept whole, whatever it was written relative to.
std::string last_part(const std::string& text) { return std::filesystem::path(text).filename().string(); }

bool same_scalar(const Value& asked, const Value& had) {
  const auto x = number_in(asked), y = number_in(had);
  if (x && y) return *x == *y || std::abs(*x - *y) <= 1e-12 * std::abs(*x);
  if (!is_word(asked) || !is_word(had)) return true;  // "10 %" may be written otherwise
  return asked.scalar == had.scalar || last_part(asked.scalar) == last_part(had.scalar);
}

bool is_budget(const std::string& key) { return key == "train.steps" || key == "train.env_steps"; }

std::string compare(const std::string& key, const Value& asked, const Value& had);

std::string compare_members(const std::string& inside, const Value& asked, const Value& had) {
  for (const Value::Member& member : asked.members) {
    const Value* theirs = had.find(member.key);
    if (!theirs) continue;  // what is left at its default may not be written
    if (std::string told = compare(core::dotted(inside, member.key), member.value, *theirs); !told.empty())
      return told;
  }
  return "";
}

std::string compare_items(const std::string& key, const Value& asked, const Value& had) {
  if (asked.items.size() != had.items.size())
    return fmt::format("{} has {} items, not {}", key, had.items.size(), asked.items.size());
  for (size_t k = 0; k < asked.items.size(); ++k)
    if (std::string told = compare(fmt::format("{}[{}]", key, k), asked.items[k], had.items[k]);
        !told.empty())
      return told;
  return "";
}

// `env: Taxi-v4` stands for `env: {id: Taxi-v4}`, and so on.
const Value* named(const Value& had) {
  for (const char* key : {"name", "id"})
    if (const Value* name = had.find(key)) return name;
  return nullptr;
}

std::string compare(const std::string& key, const Value& asked, const Value& had) {
  if (asked.is_null() || is_budget(key)) return "";
  if (asked.is_map() && had.is_map()) return compare_members(key, asked, had);
  if (asked.kind == Value::Kind::list && had.kind == Value::Kind::list) return compare_items(key, asked, had);
  if (const Value* name = asked.kind == Value::Kind::scalar ? named(had) : nullptr)
    return compare(key, asked, *name);
  if (asked.kind != Value::Kind::scalar || had.kind != Value::Kind::scalar || same_scalar(asked, had))
    return "";
  return fmt::format("{} is {}, not {}", key, had.scalar, asked.scalar);
}

}  // namespace

std::string disagreement(const Value& asked, const Value& config) {
  return compare_members("", asked, config);
}

}  // namespace commands
