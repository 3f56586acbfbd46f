/** `kvdal images`: builds the images of the real engines, for places without an image registry. */
import { Command } from "commander";
import { buildImages } from "kvdal/conformance";

const EXAMPLES = `
Builds what is missing or outdated and leaves the rest. Needs root on Debian, a running Docker engine,
debootstrap and Maven; npm test sets them up.

Example:
  npm run images`;

/** The command. */
export function imagesCommand(): Command {
  return new Command("images")
    .description("Builds cassandra:5.0, amazon/dynamodb-local:3 and memcached:1.6 from packages.")
    .addHelpText("after", EXAMPLES)
    .action(async () => {
      const say = (line: string): void => void process.stderr.write(`${line}\n`);
      const built = await buildImages(say);
      say(built.length === 0 ? "images: all present" : `images: ${built.length} built`);
    });
}
