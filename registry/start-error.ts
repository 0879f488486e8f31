/** Why the server cannot start. `message` names the setting at fault and says what to do; it is printed as it stands. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
