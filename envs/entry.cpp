#include "envs/entry.h"

#include "core/error.h"

namespace envs {

Entry entry(const Registration& row, std::vector<std::string> precisions,
            std::function<Entry::Factory()> factory) {
  return {row.id,        row.sentence,   row.source, std::move(precisions), std::move(factory),
          row.heuristic, row.description};
}

Entry fast_alone(Entry row) {
  row.precisions = {"fast"};
  row.factory = [both = std::move(row.factory)] {
    Entry::Factory factory = both();
    factory.make = [make = std::move(factory.make)](int64_t n, const std::string&,
                                                    std::optional<int64_t> max_steps) {
      return make(n, "fast", max_steps);
    };
    return factory;
  };
  return row;
}

Spec completed(Spec spec, const Registration& row, int64_t n, std::optional<int64_t> max_steps) {
  core::check(n >= 1, "{}: expected at least 1 environment, found {}", row.id, n);
  spec.id = row.id;
  spec.reward_threshold = row.threshold;
  const int64_t own = row.max_episode_steps > 0 ? row.max_episode_steps : spec.max_episode_steps;
  spec.max_episode_steps = max_steps.value_or(own);
  return spec;
}

}  // namespace envs
