// Rows of the table made from an environment's type: one line in all.cpp each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "envs/all.h"
#include "envs/batched.h"
#include "envs/objects.h"
#include "envs/precision.h"

namespace envs {

// What a row says beyond the environment's own text.
struct Registration {
  std::string id, sentence, source;
  int64_t max_episode_steps = 0;  // 0: none
  std::optional<double> threshold = std::nullopt;
  std::function<Controller()> heuristic = {};
  EnvDescription description = {};
};

template <class Holder, class Env>
std::unique_ptr<Envs> hold(const Env& env, const Registration& row, int64_t n,
                           std::optional<int64_t> max_steps) {
  core::check(n >= 1, "{}: expected at least 1 environment, found {}", row.id, n);
  Spec spec = env.spec();
  spec.id = row.id;
  spec.reward_threshold = row.threshold;
  spec.max_episode_steps = max_steps.value_or(row.max_episode_steps);
  return std::make_unique<Holder>(env, std::move(spec), n);
}

// An environment of scalars in both precisions. `table` gives its transitions where it has a table, nothing
// for options with which it has none.
template <template <class> class Env>
Entry batched(const Registration& row, typename Env<Exact>::Params defaults = {},
              std::function<std::optional<Transitions>(const typename Env<Exact>::Params&)> table = {}) {
  const auto make_factory = [row, defaults, table] {
    auto params = std::make_shared<typename Env<Exact>::Params>(defaults);
    Entry::Factory factory;
    factory.fields = [params](core::Fields& f) { params->fields(f); };
    factory.make = [params, row](int64_t n, const std::string& precision, std::optional<int64_t> max_steps) {
      return precision == "fast" ? hold<Batched<Env<Fast>>>(Env<Fast>{*params}, row, n, max_steps)
                                 : hold<Batched<Env<Exact>>>(Env<Exact>{*params}, row, n, max_steps);
    };
    if (table) factory.transitions = [params, table] { return table(*params); };
    return factory;
  };
  return {row.id, row.sentence, row.source, {"exact", "fast"}, make_factory, row.heuristic, row.description};
}

// An environment of objects, exact alone: Params with fields(), Env(Params).
template <class Env>
Entry objects(const Registration& row, typename Env::Params defaults = {}) {
  const auto make_factory = [row, defaults] {
    auto params = std::make_shared<typename Env::Params>(defaults);
    Entry::Factory factory;
    factory.fields = [params](core::Fields& f) { params->fields(f); };
    factory.make = [params, row](int64_t n, const std::string&, std::optional<int64_t> max_steps) {
      return hold<Objects<Env>>(Env{*params}, row, n, max_steps);
    };
    return factory;
  };
  return {row.id, row.sentence, row.source, {"exact"}, make_factory, row.heuristic, row.description};
}

}  // namespace envs
