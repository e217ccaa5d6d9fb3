// Programs of others (git, gnuplot, ffmpeg) get the paths that they are given, and no shell reads them.
#include "tests/catch.h"
#include "tests/commands/process.h"

namespace tests::no_shell {

TEST_CASE("no path is read by a shell: of the checkout, of temporary files, of a film", "[commands][shell]") {
  const Scratch scratch;
  scratch.write("run.yaml",
                "agent: reinforce\nenv: {id: CartPole-v1, max_episode_steps: 20}\nreinforce: "
                "{episodes_per_update: 1}\ntrain: {steps: 2}\n");
  const Output output = shell(
      "cd " + scratch.str() +
      " && evil=\"it's'; touch pwned; 'x \\$(touch pwned)\" && mkdir -p \"$evil/.git\" \"$evil/tmp\" && cp "
      "-r "
      "\"$ATELIER_HOME/experiments\" \"$evil\" && export TMPDIR=\"$PWD/$evil/tmp\" && "
      "ATELIER_HOME=\"$PWD/$evil\" "
      "atelier run run.yaml --quiet --out run && ATELIER_HOME=\"$PWD/$evil\" atelier report run --charts "
      "charts && "
      "atelier watch run --max-steps 3 --record \"./$evil.gif\" && atelier watch run --max-steps 3 --record "
      "-film.mp4 && atelier watch run --max-steps 3 --record a:b.gif && ls -A . \"$evil/tmp\" && find charts "
      "-name '*.svg'");
  INFO(output.text);
  CHECK(output.code == 0);
  CHECK(output.text.find(".svg") != std::string::npos);
  CHECK(output.text.find("\n-film.mp4\n") != std::string::npos);
  CHECK(output.text.find("\na:b.gif\n") != std::string::npos);
  CHECK(shell("cd " + scratch.str() + " && find . -name pwned").text.empty());
}

}  // namespace tests::no_shell
