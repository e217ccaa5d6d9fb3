#include "supervised/all.h"

#include "supervised/families.h"

namespace supervised {

const core::Table<training::Entry>& all() {
  static const core::Table<training::Entry> table =
      training::joined("model", {feedforward, graph, sequence, vision});
  return table;
}

}  // namespace supervised
