// Where a run's time goes: one clock a thread, which is always in one part. Reading it costs some 25 ns.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace training {

// What a step does that is no other part, such as acting and a learner's own sums, is forward; what the
// trainer does besides, such as rows of the log and the progress line, is logging.
enum class Part { data, forward, backward, optimizer, logging, evaluation, pictures, checkpoint };
struct PartWords {
  const char* name;
  const char* sentence;
};
inline constexpr std::array<PartWords, 8> parts{
    {{"data", "batches of data, steps of environments"},
     {"forward", "answers of nets and the learner's own sums"},
     {"backward", "gradients"},
     {"optimizer", "checks of the gradient, clipping, the optimiser's step and averages"},
     {"logging", "rows of the log, the files' flush, the progress line"},
     {"evaluation", "evaluations, the test at the end"},
     {"pictures", "what learners show, and its drawing"},
     {"checkpoint", "last.h5 and best.h5"}}};
using PartSeconds = std::array<double, parts.size()>;

// From now on all parts count from 0, and this thread is in logging.
void begin_profile();
// Seconds of each part so far, of this thread.
PartSeconds profile();

// In `part` until its end. What evaluation, pictures and checkpoints do on their way stays theirs.
class Timed {
 public:
  explicit Timed(Part part);
  ~Timed();
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  Part before_;
};

// "forward 41 %, backward 30 %, data 3 %", the largest first, without those below a percent; empty where
// nothing was measured.
std::vector<std::string> shares(const PartSeconds& seconds);

}  // namespace training
