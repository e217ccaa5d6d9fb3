#include "commands/env_options.h"

#include "core/error.h"
#include "core/value.h"

namespace commands {

bool is_override(const std::string& word) {
  return word.starts_with("env.") && word.find('=') != std::string::npos;
}

envs::Options env_options(const std::string& id, const std::vector<std::string>& overrides) {
  core::Value root = core::Value::map();
  root.set("env", core::Value::of(id)).source = {"command line", 0, 0};
  for (const auto& word : overrides) {
    core::check(is_override(word), "command line: expected env.key=value, found '{}'", word);
    core::apply_override(root, word);
  }
  envs::Options options;
  core::Fields fields;
  fields.tagged("env", options.tagged(), "");
  core::read_fields(fields, root);
  return options;
}

}  // namespace commands
