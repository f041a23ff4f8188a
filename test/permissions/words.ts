/** The hash that CDK puts behind a construct's path to make a logical id of it. */
const hash = /[0-9A-F]{8}(?![0-9A-Z])/i;

/** `RollcallStatusApiFunction94965071` is `status-api`. */
export const functionWords = (name: string): string =>
  name
    .replace(hash, '')
    .replace(/^Rollcall(.*)Function$/, '$1')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();

/** An ARN as people speak of what it names: `table Sessions`, `bucket deadletters/*`. */
export function resourceWords(arn: string): string {
  const [, , service = '', , , ...rest] = arn.split(':');
  const named = rest
    .join(':')
    .replace(/Rollcall(Data)?/i, '')
    .replace(hash, '');
  switch (service) {
    case 's3':
      return `bucket ${named}`;
    case 'logs':
      return 'its own log';
    case 'secretsmanager':
      return named.replace(/:|-0+$/g, ' ').trim();
    case 'execute-api':
      return named.replace(/^\w+?\//, 'socket ');
    case '':
      return 'anything';
    default:
      return named.replace('/', ' ');
  }
}
