/** What was found must not be lost because the clean-up after it failed: it is said, and nothing else. */
export function notCleanedUp(name: string): (error: unknown) => void {
  return (error) => {
    process.stderr.write(`kvdal: not cleaned up after ${name}: ${String(error)}\n`);
  };
}
