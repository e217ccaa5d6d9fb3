// Rows of the table made from an environment's type: one line in all.cpp each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "envs/all.h"
#include "envs/batched.h"
#include "envs/objects.h"
#include "envs/precision.h"

namespace envs {

// What a row says beyond the environment's own text. Plain, so that a row costs the compiler little: `id`
// lasts as long as the program.
struct Registration {
  const char *id, *sentence, *source;
  int64_t max_episode_steps = 0;  // 0: the one of the environment's own Spec
  std::optional<double> threshold = std::nullopt;
  Controller (*heuristic)() = nullptr;
  EnvDescription description = {};
};

// The row without what depends on the environment's type.
Entry entry(const Registration& row, std::vector<std::string> precisions,
            std::function<Entry::Factory()> factory);

// An environment's own Spec with what its row and the caller say; n: how many are asked for.
Spec completed(Spec spec, const Registration& row, int64_t n, std::optional<int64_t> max_steps);

template <class Env>
std::unique_ptr<Envs> batched_of(const Env& env, const Registration& row, int64_t n,
                                 std::optional<int64_t> max_steps) {
  return std::make_unique<BatchedOf<Env>>(new Env(env), env_functions<Env>(),
                                          completed(env.spec(), row, n, max_steps), n);
}

// An environment of scalars in both precisions. `table`, a function of the Params, gives its transitions
// where it has a table, nothing for options with which it has none.
template <template <class> class Env, class Table = std::nullptr_t>
Entry batched(const Registration& row, typename Env<Exact>::Params defaults = {}, Table table = nullptr) {
  return entry(row, {"exact", "fast"}, [row, defaults, table] {
    auto params = std::make_shared<typename Env<Exact>::Params>(defaults);
    Entry::Factory factory;
    factory.fields = [params](core::Fields& f) { params->fields(f); };
    factory.make = [params, row](int64_t n, const std::string& precision, std::optional<int64_t> max_steps) {
      return precision == "fast" ? batched_of(Env<Fast>{*params}, row, n, max_steps)
                                 : batched_of(Env<Exact>{*params}, row, n, max_steps);
    };
    if constexpr (std::is_null_pointer_v<Table>)
      static_cast<void>(table);
    else
      factory.transitions = [params, table] { return table(*params); };
    return factory;
  });
}

// A row of scalars in the fast precision alone.
Entry fast_alone(Entry row);

template <class Env>
std::unique_ptr<Envs> objects_of(const typename Env::Params& params, const Registration& row, int64_t n,
                                 std::optional<int64_t> max_steps) {
  const Env env(params);
  return std::make_unique<Objects<Env>>(env, completed(env.spec(), row, n, max_steps), n);
}

// An environment of objects, exact alone: Params with fields(), Env(Params).
template <class Env>
Entry objects(const Registration& row, typename Env::Params defaults = {}) {
  return entry(row, {"exact"}, [row, defaults] {
    auto params = std::make_shared<typename Env::Params>(defaults);
    Entry::Factory factory;
    factory.fields = [params](core::Fields& f) { params->fields(f); };
    factory.make = [params, row](int64_t n, const std::string&, std::optional<int64_t> max_steps) {
      return objects_of<Env>(*params, row, n, max_steps);
    };
    return factory;
  });
}

}  // namespace envs
