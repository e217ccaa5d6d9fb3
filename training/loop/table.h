// What a folder of learners offers: name, sentence, paper, and how one is made from its own sections of a
// YAML file.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "core/options.h"
#include "core/table.h"
#include "training/loop/learner.h"
#include "training/loop/net_of_run.h"

namespace training {

// Options with defaults, and the learner made from them.
struct Factory {
  std::function<void(core::Fields&)> fields;  // its sections: its own name, `env` or `data`, `net`
  std::function<std::unique_ptr<Learner>()> make;
};

struct Entry {
  std::string name;
  std::string sentence;
  std::string source;  // author, year, title
  std::vector<std::string>
      updates;        // names of its optimisers, each with an `optim.<name>` section when several
  std::string trial;  // a YAML experiment of seconds: contract tests and `describe` build it
  std::function<Factory()> factory;
  std::vector<std::string> other_trial = {};  // overrides of the trial with which it logs other metrics
};

// L is a learner with a constructor from Options, which have fields().
template <class L, class Options = typename L::Options>
Factory factory() {
  auto options = std::make_shared<Options>();
  auto net = std::make_shared<NetOfRun>();
  return {[options, net](core::Fields& f) {
            options->fields(f);
            f.extend("net", [net](core::Fields& inner) { net->fields(inner); });
          },
          [options] { return std::make_unique<L>(*options); }};
}

// The rows of several families as one alphabetical table; `kind` is the word for an entry in messages.
using Family = std::vector<Entry> (*)();
inline core::Table<Entry> joined(const std::string& kind, std::initializer_list<Family> families) {
  std::vector<Entry> rows;
  for (const Family family : families)
    for (Entry& row : family()) rows.push_back(std::move(row));
  std::sort(rows.begin(), rows.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return {kind, std::move(rows)};
}

}  // namespace training
